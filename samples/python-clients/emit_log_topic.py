"""5. Topics: python3 emit_log_topic.py KEY MESSAGE, where KEY is words with dots, such as kern.critical."""

import sys

import broker

key = sys.argv[1] if len(sys.argv) > 1 else "anonymous.info"
message = " ".join(sys.argv[2:]) or "something happened"
connection = broker.connect()
channel = connection.channel()
channel.exchange_declare(exchange="python.topics", exchange_type="topic")
channel.basic_publish(exchange="python.topics", routing_key=key, body=message)
print(f"sent {key} '{message}'")
connection.close()
