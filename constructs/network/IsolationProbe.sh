# Tries connections and says which are not as they should be: exit 0 when all are, 1 when one is not.
# Arguments: seconds to wait for an answer, then three for each connection: open|closed HOST PORT.
wait=$1
shift
broken=0
while [ "$#" -ge 3 ]; do
  # Busybox runs the program after -e once it is connected, and only then.
  if nc -w "$wait" "$2" "$3" -e true </dev/null >/dev/null 2>&1; then found=open; else found=closed; fi
  if [ "$found" = "$1" ]; then verdict=ok; else verdict=BROKEN broken=1; fi
  echo "$verdict: $2 port $3 is $found, should be $1"
  shift 3
done
exit "$broken"
