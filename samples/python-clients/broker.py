"""What all the scripts share: where the broker is, and waiting for messages until Ctrl-C."""

import os

import pika

URL = os.environ.get("AMQP_URL", "amqp://guest:guest@127.0.0.1:5672/%2F")


def connect():
    return pika.BlockingConnection(pika.URLParameters(URL))


def consume(channel):
    print("waiting for messages; Ctrl-C ends it", flush=True)
    try:
        channel.start_consuming()
    except KeyboardInterrupt:
        channel.stop_consuming()
    channel.connection.close()
