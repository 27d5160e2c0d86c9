# The whole product in one image; `docs/deploying.md` says how to run it.
FROM python:3.13-slim AS built
WORKDIR /source
RUN python -m venv /opt/outreach
ENV PATH=/opt/outreach/bin:$PATH PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
COPY requirements.lock ./
RUN pip install --require-hashes -r requirements.lock
COPY pyproject.toml hatch_build.py README.md LICENSE ./
COPY static static
COPY outreach outreach
# The browser's code is built here too, by the package's own build.
RUN pip install --no-deps .

FROM python:3.13-slim
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin outreach && install -d -o outreach -g outreach /data
COPY --from=built /opt/outreach /opt/outreach
COPY deploy/start.sh /opt/start.sh
ENV PATH=/opt/outreach/bin:$PATH PYTHONUNBUFFERED=1 OUTREACH_HOST=0.0.0.0 PORT=8080 \
    DATABASE_URL=sqlite:////data/outreach.sqlite3 OUTREACH_KEYS_FILE=/data/outreach.keys.json
WORKDIR /data
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=15s --timeout=3s --start-period=30s CMD ["python", "-c", \
    "import http.client, os; c = http.client.HTTPConnection('127.0.0.1', int(os.environ['PORT']), timeout=2); c.request('GET', '/healthz'); exit(c.getresponse().status != 200)"]
# It starts as root, gives the volume to the user outreach, and goes on as that user alone.
ENTRYPOINT ["sh", "/opt/start.sh"]
CMD ["outreach", "serve"]
