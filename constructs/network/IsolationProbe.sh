# Tries connections and prints the result of each. Exit code 0: all results are as expected; 1: at least one is not.
# Arguments: seconds to wait for an answer, then three for each connection: open|closed HOST PORT.
wait=$1
shift
broken=0
while [ "$#" -ge 3 ]; do
  # Busybox runs the program after -e only if the connection succeeds.
  if nc -w "$wait" "$2" "$3" -e true </dev/null >/dev/null 2>&1; then found=open; else found=closed; fi
  if [ "$found" = "$1" ]; then verdict=ok; else verdict=BROKEN broken=1; fi
  echo "$verdict: $2 port $3 is $found, should be $1"
  shift 3
done
exit "$broken"
