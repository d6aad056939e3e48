"""6. RPC: answers requests for Fibonacci numbers."""

import pika

import broker


def fibonacci(n):
    current, following = 0, 1
    for _ in range(n):
        current, following = following, current + following
    return current


def answer(channel, method, properties, body):
    channel.basic_publish(
        exchange="",
        routing_key=properties.reply_to,
        properties=pika.BasicProperties(correlation_id=properties.correlation_id),
        body=str(fibonacci(int(body))),
    )
    channel.basic_ack(delivery_tag=method.delivery_tag)


channel = broker.connect().channel()
channel.queue_declare(queue="python.rpc", durable=True)
channel.basic_qos(prefetch_count=1)
channel.basic_consume(queue="python.rpc", on_message_callback=answer)
broker.consume(channel)
