# Tries connections and prints the result of each.
# Arguments: seconds to wait for an answer, seconds between two tries, then three for each connection: open|closed HOST PORT.
# Exit code 0: all results are as expected. 3: a connection is open that should be closed.
# The connections that should be open are the controls: while one of them fails, the closed ones prove nothing. Then the
# controls are tried again until they succeed, and everything once more. The deadline of the job ends this.
wait=$1 pause=$2
shift 2

# Tries all connections, or only those that should be open.
probe() {
  which=$1 broken=0 unproven=0
  shift
  while [ "$#" -ge 3 ]; do
    if [ "$which" = all ] || [ "$which" = "$1" ]; then
      # Busybox runs the program after -e only if the connection succeeds.
      if nc -w "$wait" "$2" "$3" -e true </dev/null >/dev/null 2>&1; then found=open; else found=closed; fi
      if [ "$found" = "$1" ]; then verdict=ok
      elif [ "$found" = open ]; then verdict=BROKEN broken=1
      else verdict=unproven unproven=1; fi
      echo "$verdict: $2 port $3 is $found, should be $1"
    fi
    shift 3
  done
}

probe all "$@"
while [ "$broken" -eq 0 ] && [ "$unproven" -eq 1 ]; do
  sleep "$pause"
  probe open "$@"
  [ "$unproven" -eq 1 ] || probe all "$@"
done
[ "$broken" -eq 0 ] || exit 3
