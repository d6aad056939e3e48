"""3. Publish/subscribe: a queue of its own, which goes away with the connection, bound to the exchange."""

import broker


def receive(channel, method, properties, body):
    print(f"received '{body.decode()}'", flush=True)


channel = broker.connect().channel()
channel.exchange_declare(exchange="python.logs", exchange_type="fanout")
queue = channel.queue_declare(queue="", exclusive=True).method.queue
channel.queue_bind(exchange="python.logs", queue=queue)
channel.basic_consume(queue=queue, on_message_callback=receive, auto_ack=True)
broker.consume(channel)
