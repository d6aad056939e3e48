"""1. Hello: prints what comes to the queue."""

import broker


def receive(channel, method, properties, body):
    print(f"received '{body.decode()}'", flush=True)


channel = broker.connect().channel()
channel.queue_declare(queue="python.hello", durable=True)
channel.basic_consume(queue="python.hello", on_message_callback=receive, auto_ack=True)
broker.consume(channel)
