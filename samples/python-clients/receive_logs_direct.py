"""4. Routing: python3 receive_logs_direct.py SEVERITY ...; only these come."""

import sys

import broker


def receive(channel, method, properties, body):
    print(f"received {method.routing_key} '{body.decode()}'", flush=True)


severities = sys.argv[1:]
if not severities:
    sys.exit("usage: receive_logs_direct.py SEVERITY ...")
channel = broker.connect().channel()
channel.exchange_declare(exchange="python.severities", exchange_type="direct")
queue = channel.queue_declare(queue="", exclusive=True).method.queue
for severity in severities:
    channel.queue_bind(exchange="python.severities", queue=queue, routing_key=severity)
channel.basic_consume(queue=queue, on_message_callback=receive, auto_ack=True)
broker.consume(channel)
