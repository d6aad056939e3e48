"""2. Work queues: sends a task, python3 new_task.py TASK; each dot in it is 0.1 seconds of work."""

import sys

import pika

import broker

task = " ".join(sys.argv[1:]) or "a task..."
connection = broker.connect()
channel = connection.channel()
channel.queue_declare(queue="python.tasks", durable=True)
# delivery mode 2: a persistent message in a durable queue outlives the broker's process
channel.basic_publish(
    exchange="",
    routing_key="python.tasks",
    body=task,
    properties=pika.BasicProperties(delivery_mode=2),
)
print(f"sent '{task}'")
connection.close()
