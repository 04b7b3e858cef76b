# Made by `make manifests`: tocsin topics acl -c deploy/compose/tocsin.toml --bootstrap 127.0.0.1:29092
# tocsin-ingest
kafka-acls.sh --bootstrap-server 127.0.0.1:29092 --command-config admin.properties --add --allow-principal User:tocsin-ingest --operation Read --operation Write --topic telemetry --topic tickets --topic mentions --topic commands --topic signals
kafka-acls.sh --bootstrap-server 127.0.0.1:29092 --command-config admin.properties --add --allow-principal User:tocsin-ingest --operation Write --topic quarantine
kafka-acls.sh --bootstrap-server 127.0.0.1:29092 --command-config admin.properties --add --allow-principal User:tocsin-ingest --operation Read --group tocsin-ingest
kafka-acls.sh --bootstrap-server 127.0.0.1:29092 --command-config admin.properties --add --allow-principal User:tocsin-ingest --operation Write --transactional-id tocsin-ingest-1- --resource-pattern-type prefixed
# tocsin-detect
kafka-acls.sh --bootstrap-server 127.0.0.1:29092 --command-config admin.properties --add --allow-principal User:tocsin-detect --operation Read --topic signals
kafka-acls.sh --bootstrap-server 127.0.0.1:29092 --command-config admin.properties --add --allow-principal User:tocsin-detect --operation Write --topic anomalies --topic decisions --topic quarantine
kafka-acls.sh --bootstrap-server 127.0.0.1:29092 --command-config admin.properties --add --allow-principal User:tocsin-detect --operation Read --operation Write --topic detect-state
kafka-acls.sh --bootstrap-server 127.0.0.1:29092 --command-config admin.properties --add --allow-principal User:tocsin-detect --operation Read --group tocsin-detect
kafka-acls.sh --bootstrap-server 127.0.0.1:29092 --command-config admin.properties --add --allow-principal User:tocsin-detect --operation Write --transactional-id tocsin-detect-1- --resource-pattern-type prefixed
# tocsin-correlate
kafka-acls.sh --bootstrap-server 127.0.0.1:29092 --command-config admin.properties --add --allow-principal User:tocsin-correlate --operation Read --topic anomalies
kafka-acls.sh --bootstrap-server 127.0.0.1:29092 --command-config admin.properties --add --allow-principal User:tocsin-correlate --operation Write --topic incidents --topic notices --topic failovers --topic followups --topic decisions --topic quarantine
kafka-acls.sh --bootstrap-server 127.0.0.1:29092 --command-config admin.properties --add --allow-principal User:tocsin-correlate --operation Read --operation Write --topic correlate-state
kafka-acls.sh --bootstrap-server 127.0.0.1:29092 --command-config admin.properties --add --allow-principal User:tocsin-correlate --operation Read --group tocsin-correlate
kafka-acls.sh --bootstrap-server 127.0.0.1:29092 --command-config admin.properties --add --allow-principal User:tocsin-correlate --operation Write --transactional-id tocsin-correlate-1- --resource-pattern-type prefixed
# tocsin-follow
kafka-acls.sh --bootstrap-server 127.0.0.1:29092 --command-config admin.properties --add --allow-principal User:tocsin-follow --operation Read --topic incidents --topic notices --topic quarantine
# tocsin-orders
kafka-acls.sh --bootstrap-server 127.0.0.1:29092 --command-config admin.properties --add --allow-principal User:tocsin-orders --operation Read --topic incidents --topic notices --topic decisions --topic quarantine
kafka-acls.sh --bootstrap-server 127.0.0.1:29092 --command-config admin.properties --add --allow-principal User:tocsin-orders --operation Read --operation Write --topic commands
# tocsin-offsets
kafka-acls.sh --bootstrap-server 127.0.0.1:29092 --command-config admin.properties --add --allow-principal User:tocsin-offsets --operation Read --operation Write --topic telemetry --topic tickets --topic mentions --topic commands --topic signals --topic anomalies --topic detect-state --topic correlate-state
kafka-acls.sh --bootstrap-server 127.0.0.1:29092 --command-config admin.properties --add --allow-principal User:tocsin-offsets --operation Write --topic quarantine --topic decisions --topic incidents --topic notices --topic failovers --topic followups
kafka-acls.sh --bootstrap-server 127.0.0.1:29092 --command-config admin.properties --add --allow-principal User:tocsin-offsets --operation Read --group tocsin-ingest --group tocsin-detect --group tocsin-correlate
kafka-acls.sh --bootstrap-server 127.0.0.1:29092 --command-config admin.properties --add --allow-principal User:tocsin-offsets --operation Write --transactional-id tocsin-ingest-1- --transactional-id tocsin-detect-1- --transactional-id tocsin-correlate-1- --resource-pattern-type prefixed
# tocsin-topics
kafka-acls.sh --bootstrap-server 127.0.0.1:29092 --command-config admin.properties --add --allow-principal User:tocsin-topics --operation Create --operation Describe --topic telemetry --topic tickets --topic mentions --topic commands --topic signals --topic anomalies --topic incidents --topic notices --topic failovers --topic followups --topic decisions --topic quarantine --topic detect-state --topic correlate-state
