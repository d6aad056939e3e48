"""7. Publisher confirms: basic_publish returns when the broker has taken charge of the message."""

import pika

import broker

MESSAGES = 100

connection = broker.connect()
channel = connection.channel()
channel.confirm_delivery()
# keeps no more than 10 messages, so that this leaves little behind
channel.queue_declare(queue="python.confirmed", durable=True, arguments={"x-max-length": 10})
persistent = pika.BasicProperties(delivery_mode=2)
for number in range(MESSAGES):
    channel.basic_publish(
        exchange="", routing_key="python.confirmed", body=f"message {number}", properties=persistent
    )
print(f"{MESSAGES} messages are confirmed")

try:
    channel.basic_publish(exchange="", routing_key="python.no-such-queue", body="to nobody", mandatory=True)
except pika.exceptions.UnroutableError as error:
    print(f"came back: {error.messages[0].method.reply_text}")
connection.close()
