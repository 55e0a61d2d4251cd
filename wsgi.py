"""What a WSGI server runs; LIVERY_ROLE decides which doors it answers."""

from app.factory import create_app, warm_up

application = create_app()
warm_up(application)
