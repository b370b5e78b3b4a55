# The virtual environment and the locked packages. Sourced by scripts/setup.

# Companies and networks with certificates of their own put them into the system's store.
trust_the_systems_certificates() {
  local store=/etc/ssl/certs/ca-certificates.crt
  [ -s "$store" ] || return 0
  export SSL_CERT_FILE="${SSL_CERT_FILE:-$store}" PIP_CERT="${PIP_CERT:-$store}" NODE_EXTRA_CA_CERTS="${NODE_EXTRA_CA_CERTS:-$store}"
}

# pip of the environment, or of the wheel where Debian's own could not be installed
own_pip() {
  local pip="-m pip"
  .venv/bin/python -c 'import pip' 2> /dev/null || pip="$(pip_wheel)/pip"
  # shellcheck disable=SC2086
  .venv/bin/python $pip --disable-pip-version-check "$@"
}

# uv does not read pip's settings; an index that the user set for pip holds for uv, too.
share_pips_index() {
  [ -z "${UV_DEFAULT_INDEX-}${UV_INDEX_URL-}" ] || return 0
  local index=${PIP_INDEX_URL-}
  [ -n "$index" ] || index=$(own_pip config list 2> /dev/null | sed -n "s/^global\.index.url='\(.*\)'\$/\1/p") || true
  if [ -n "$index" ]; then export UV_DEFAULT_INDEX="$index"; fi
}

# state KIND: what an environment of this kind is made of; the same where one is activated, whose python3 comes first
state() {
  {
    python3 -c 'import sys; print(sys.version, sys.base_prefix)'
    cat pyproject.toml requirements/tools.txt "requirements/$1.txt"
    pwd
  } | sha256sum | cut -d' ' -f1
}

python_packages() {
  local kind=run was=""
  [ "$1" = test ] && kind=dev
  [ -f .venv/heatwatch-state ] && was=$(cat .venv/heatwatch-state)
  # what was set up for tests stays so: it can run, too
  case "$was" in dev\ *) kind=dev ;; esac
  [ "$was" = "$kind $(state "$kind")" ] && .venv/bin/python -c 'import heatwatch' 2> /dev/null && return

  if [ ! -x .venv/bin/uv ] || ! .venv/bin/python -c '' 2> /dev/null || ! grep -qsF "$PWD/.venv" .venv/bin/activate; then
    say "making a virtual environment in .venv ($(python3 --version))"
    [ ! -L .venv ] || rm .venv # a link: what it points to is another folder's
    if present python3-venv; then python3 -m venv --clear .venv; else python3 -m venv --clear --without-pip .venv; fi
    own_pip install --quiet --require-hashes --no-deps -r requirements/tools.txt
  fi
  rm -f .venv/heatwatch-state
  share_pips_index
  say "installing the packages locked in requirements/$kind.txt"
  # a run starts half a dozen processes: each would compile what it imports where Python may not write bytecode
  .venv/bin/uv pip sync --compile-bytecode --python .venv/bin/python --require-hashes "requirements/$kind.txt"
  .venv/bin/uv pip install --quiet --python .venv/bin/python --offline --no-deps --no-build-isolation -e .
  echo "$kind $(state "$kind")" > .venv/heatwatch-state
}

# Compiled once here, and not by a worker while messages wait.
compiled_loops() {
  local state
  state=$(cat ingest/kernels/*.py .venv/heatwatch-state | sha256sum | cut -d' ' -f1)
  [ "$(cat .venv/heatwatch-compiled 2> /dev/null)" != "$state" ] || return 0
  say "compiling the loops of ingest"
  .venv/bin/python -m ingest.mqtt.warm
  echo "$state" > .venv/heatwatch-compiled
}

npm_packages() {
  command -v npm > /dev/null && command -v node > /dev/null || return 0
  cmp -s "$1/package-lock.json" "$1/node_modules/.heatwatch-lock" && return
  say "installing the npm packages of $1"
  if npm ci --prefix "$1" --no-audit --no-fund --loglevel=error < /dev/null; then
    cp "$1/package-lock.json" "$1/node_modules/.heatwatch-lock"
  else
    say "npm ci failed: $(cost npm)"
  fi
}
