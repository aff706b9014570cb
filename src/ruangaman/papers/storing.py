"""Where sealed pieces lie: a folder of our own, or any other storage that Django knows."""

from django.core.files.storage import FileSystemStorage


class Folder(FileSystemStorage):
    """A folder whose files are on the disk, names too, before anybody is told that they were received."""
