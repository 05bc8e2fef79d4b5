"""From crawled pages to a run: articles, candidates, scores."""
