"""What poll and epoll share. Read in this order: loop, acceptor, conversation, link, effect."""
