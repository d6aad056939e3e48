"""6. RPC: python3 rpc_client.py N asks for the Nth Fibonacci number, and gets the answer by direct reply-to."""

import sys
import uuid

import pika

import broker

number = sys.argv[1] if len(sys.argv) > 1 else "30"
correlation_id = str(uuid.uuid4())
connection = broker.connect()
channel = connection.channel()
channel.queue_declare(queue="python.rpc", durable=True)
answer = None


def received(channel, method, properties, body):
    global answer
    if properties.correlation_id == correlation_id:
        answer = body.decode()


# the consumer of the answers has to be there before the request goes
channel.basic_consume(queue="amq.rabbitmq.reply-to", on_message_callback=received, auto_ack=True)
channel.basic_publish(
    exchange="",
    routing_key="python.rpc",
    properties=pika.BasicProperties(reply_to="amq.rabbitmq.reply-to", correlation_id=correlation_id),
    body=number,
)
connection.call_later(10, lambda: sys.exit("no answer within 10 seconds; is rpc_server.py there?"))
while answer is None:
    connection.process_data_events(time_limit=None)
print(f"fibonacci({number}) is {answer}")
connection.close()
