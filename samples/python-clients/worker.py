"""2. Work queues: does one task after another. Start several; a busy one gets no further task."""

import time

import broker


def work(channel, method, properties, body):
    print(f"working on '{body.decode()}'", flush=True)
    time.sleep(body.count(b".") * 0.1)
    print(f"done '{body.decode()}'", flush=True)
    # until then the broker keeps the task, and gives it to another worker if this one dies
    channel.basic_ack(delivery_tag=method.delivery_tag)


channel = broker.connect().channel()
channel.queue_declare(queue="python.tasks", durable=True)
channel.basic_qos(prefetch_count=1)
channel.basic_consume(queue="python.tasks", on_message_callback=work)
broker.consume(channel)
