# Réglo, without root and with pinned dependencies. docs/operate/docker.md says how to run it.
FROM python:3.11-slim AS dependencies
COPY requirements/runtime.txt /app/requirements/runtime.txt
RUN python -m venv /app/.venv \
    && /app/.venv/bin/pip install --no-cache-dir --quiet --require-hashes --requirement /app/requirements/runtime.txt

FROM python:3.11-slim
RUN useradd --system --user-group --uid 10001 --home-dir /var/lib/reglo reglo \
    && install --directory --owner reglo --group reglo --mode 0750 /var/lib/reglo
COPY --from=dependencies /app/.venv /app/.venv
COPY reglo /app/reglo
# The user guides are pages of the product.
COPY docs/user /app/docs/user
RUN printf '#!/app/.venv/bin/python\nfrom reglo.operations.command_line import main\nmain()\n' > /app/.venv/bin/reglo \
    && chmod 0755 /app/.venv/bin/reglo \
    && /app/.venv/bin/python -m compileall -q /app/reglo
ENV PATH=/app/.venv/bin:$PATH \
    PYTHONPATH=/app \
    PYTHONUNBUFFERED=1 \
    REGLO_DATABASE=/var/lib/reglo/reglo.sqlite3 \
    REGLO_FILES=/var/lib/reglo/files \
    REGLO_STATIC=/var/lib/reglo/static
WORKDIR /var/lib/reglo
VOLUME /var/lib/reglo
USER reglo
EXPOSE 8000
# Réglo answers to its own name only.
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s CMD ["python", "-c", "\
import os; from urllib.parse import urlsplit; from urllib.request import Request, urlopen; \
host = urlsplit(os.environ['REGLO_BASE_URL']).netloc; \
urlopen(Request('http://127.0.0.1:8000/health/live', headers={'Host': host}), timeout=4)"]
CMD ["granian", "--interface", "wsgi", "--workers", "2", "--blocking-threads", "4", "--host", "0.0.0.0", "--port", "8000", \
     "--no-ws", "--log-level", "warning", "reglo.config.wsgi:application"]
