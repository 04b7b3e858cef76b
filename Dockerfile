# Tocsin's image: one program, `tocsin`, for every stage and every command. Build it in the checkout: docker build -t tocsin .
#
# Stage `build` has the network and a C compiler, which makes the core that reads texts; what runs has neither pip's cache
# nor our sources. Every package is the one whose checksum the lock names. The file system may be mounted read-only:
# nothing is written but to /tmp, and to /var/lib/tocsin where the settings say so.
# tests/deploy rehearses these steps without Docker, so they use FROM, COPY, RUN and the settings below, and nothing else.

FROM python:3.11.14-bookworm AS build
WORKDIR /build
COPY locks/run.txt locks/run.txt
RUN python -m venv /opt/tocsin && mkdir /build/empty \
 && /opt/tocsin/bin/python -m pip install --disable-pip-version-check --no-deps --require-hashes -r locks/run.txt
COPY locks/core.txt locks/core.txt
RUN /opt/tocsin/bin/python -m pip install --disable-pip-version-check --no-deps --require-hashes --target compiling -r locks/core.txt
COPY pyproject.toml README.md LICENSE ./
COPY pipeline pipeline
COPY schemas schemas
COPY deploy/reference deploy/reference
COPY deploy/kafka deploy/kafka
COPY examples/recordings examples/recordings
COPY tools/core.py tools/core.py
RUN /opt/tocsin/bin/python -m pip install --disable-pip-version-check --no-deps --no-build-isolation . \
 && /opt/tocsin/bin/python -m pip check --disable-pip-version-check \
 && PYTHONPATH=/build/compiling /opt/tocsin/bin/python tools/core.py \
 && /opt/tocsin/bin/tocsin version | grep "compiled core" \
 && /opt/tocsin/bin/python -m compileall -q /opt/tocsin/lib \
 && /opt/tocsin/bin/python -m pip uninstall --disable-pip-version-check --yes --quiet setuptools pip

FROM python:3.11.14-slim-bookworm
LABEL org.opencontainers.image.title="Tocsin" \
      org.opencontainers.image.licenses="Apache-2.0 AND CC-BY-4.0 AND etalab-2.0 AND ODbL-1.0 AND Unicode-3.0"
COPY --from=build /opt/tocsin /opt/tocsin
# A place for web.exits_file, the one thing that a process remembers; a volume that is mounted here belongs to the user.
COPY --from=build --chown=10001:10001 /build/empty /var/lib/tocsin
ENV PATH=/opt/tocsin/bin:/usr/local/bin:/usr/bin:/bin \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    TOCSIN__LOGS__FORMAT=json \
    TOCSIN__WEB__HOST=0.0.0.0 \
    TOCSIN__WEB__PORT=8080
WORKDIR /tmp
USER 10001:10001
EXPOSE 8080
STOPSIGNAL SIGTERM
ENTRYPOINT ["tocsin"]
CMD ["--help"]
