"""1. Hello: a message goes to a queue by its name."""

import broker

connection = broker.connect()
channel = connection.channel()
channel.queue_declare(queue="python.hello", durable=True)
channel.basic_publish(exchange="", routing_key="python.hello", body="Hello World!")
print("sent 'Hello World!'")
connection.close()
