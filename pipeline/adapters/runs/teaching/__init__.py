"""What is known of posts afterwards: from lists, from what people answered, from confirmed incidents."""
