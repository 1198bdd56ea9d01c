"""Who calls: access tokens are verified here, whoever issued them."""
