"""4. Routing: python3 emit_log_direct.py SEVERITY MESSAGE."""

import sys

import broker

severity = sys.argv[1] if len(sys.argv) > 1 else "info"
message = " ".join(sys.argv[2:]) or "something happened"
connection = broker.connect()
channel = connection.channel()
channel.exchange_declare(exchange="python.severities", exchange_type="direct")
channel.basic_publish(exchange="python.severities", routing_key=severity, body=message)
print(f"sent {severity} '{message}'")
connection.close()
