"""Turn crawled pages into a run: articles, candidates, scores."""
