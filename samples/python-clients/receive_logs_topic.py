"""5. Topics: python3 receive_logs_topic.py PATTERN ...; * is one word, # any number of words."""

import sys

import broker


def receive(channel, method, properties, body):
    print(f"received {method.routing_key} '{body.decode()}'", flush=True)


patterns = sys.argv[1:]
if not patterns:
    sys.exit("usage: receive_logs_topic.py PATTERN ...")
channel = broker.connect().channel()
channel.exchange_declare(exchange="python.topics", exchange_type="topic")
queue = channel.queue_declare(queue="", exclusive=True).method.queue
for pattern in patterns:
    channel.queue_bind(exchange="python.topics", queue=queue, routing_key=pattern)
channel.basic_consume(queue=queue, on_message_callback=receive, auto_ack=True)
broker.consume(channel)
