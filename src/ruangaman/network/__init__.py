"""Where people can go: offices, posts, telephone lines, and when they are open."""
