#!/usr/bin/env bash
# The image's health check: whether the process lives, rather than whether it is ready. Swarm kills what is unhealthy, and a model that is
# broken would come back broken; for readiness ask /health/ready.
# It asks the first http:// address of the variables, which is all it can see: in the container, say where to listen by ASPNETCORE_URLS or
# ASPNETCORE_HTTP_PORTS, never by --urls. Neither base image has curl; bash opens the connection itself.
set -uf
form='^http://(\[[^]]+\]|[^]:/[]+)(:([0-9]+))?/?$'
urls="${ASPNETCORE_URLS:-http://+:${ASPNETCORE_HTTP_PORTS:-}}"
for url in ${urls//;/ }; do
  [[ $url =~ $form ]] || continue
  host="${BASH_REMATCH[1]//[\[\]]/}" port="${BASH_REMATCH[3]:-80}"
  case "$host" in '+' | '*' | 0.0.0.0 | ::) host=127.0.0.1 ;; esac
  exec 3<>"/dev/tcp/$host/$port" || exit 1
  printf 'GET /health/live HTTP/1.0\r\n\r\n' >&3
  read -r _ status _ <&3 && [ "$status" = 200 ]
  exit
done
echo "no http:// address in '$urls'"
exit 1
