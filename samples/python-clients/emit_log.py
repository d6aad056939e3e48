"""3. Publish/subscribe: python3 emit_log.py MESSAGE; every subscriber gets a copy."""

import sys

import broker

message = " ".join(sys.argv[1:]) or "info: something happened"
connection = broker.connect()
channel = connection.channel()
channel.exchange_declare(exchange="python.logs", exchange_type="fanout")
channel.basic_publish(exchange="python.logs", routing_key="", body=message)
print(f"sent '{message}'")
connection.close()
