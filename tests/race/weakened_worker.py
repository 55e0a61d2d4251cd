"""What works jobs instead of `./livery worker` in negative controls."""

from app.commands.serving import worker
from tests.race.weakened import weaken

if __name__ == "__main__":
    weaken()
    worker.main(args=[])
