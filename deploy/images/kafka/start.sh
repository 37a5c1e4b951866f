#!/bin/sh
# Writes the settings, formats the data folder at the first start, then becomes the broker.
set -eu
settings=/var/lib/kafka/server.properties
env | sed -n 's/^KAFKA_//p' | while IFS='=' read -r name value; do
    echo "$(echo "$name" | tr 'A-Z_' 'a-z.')=$value"
done > "$settings"
java() {
    exec /opt/java/bin/java -Xms64m -Xmx256m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 \
        --sun-misc-unsafe-memory-access=allow -Dorg.slf4j.simpleLogger.defaultLogLevel=warn \
        -cp '/opt/kafka/*' "$@"
}
if [ ! -e "$KAFKA_LOG_DIRS/meta.properties" ]; then
    cluster=$(head -c 16 /dev/urandom | base64 | tr '+/' '-_' | head -c 22)
    (java kafka.tools.StorageTool format --cluster-id "$cluster" --config "$settings")
fi
java kafka.Kafka "$settings"
