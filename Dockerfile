# Built by hand only:  docker build -t unspun .
# Use:                 docker run --rm --network none -v "$PWD:/data" --user "$(id -u)" unspun scan crawl -o run
FROM python:3.11-slim AS build
WORKDIR /build
COPY pyproject.toml README.md LICENSE ./
COPY src src
COPY models models
RUN python -m pip wheel --quiet --no-deps -w dist .

FROM python:3.11-slim
COPY constraints.txt /tmp/
COPY --from=build /build/dist /tmp/dist
RUN python -m pip install --quiet --no-cache-dir -c /tmp/constraints.txt /tmp/dist/*.whl \
    && rm -r /tmp/dist /tmp/constraints.txt \
    && useradd --create-home --uid 1000 unspun
USER unspun
WORKDIR /data
ENTRYPOINT ["unspun"]
CMD ["--help"]
