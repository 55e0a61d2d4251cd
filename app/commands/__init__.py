"""What `./livery <command>` can do, one file a subject."""
