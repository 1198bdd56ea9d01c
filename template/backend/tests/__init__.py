from ssl import PROTOCOL_TLS_CLIENT, SSLContext

# For clients of this machine. What they have otherwise reads all certificates, each time anew.
NO_TLS = SSLContext(PROTOCOL_TLS_CLIENT)
