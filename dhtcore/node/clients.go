package node

import "dhtop/dhtcore/wire"

// clientNames caches the printable names of the versions that were seen, so that a reply needs no formatting.
// Guarded by routing.mu.
type clientNames struct{ names map[string]string }

// maxClients bounds the memory that invented versions can take.
const maxClients = 1024

func (c *clientNames) name(version []byte) string {
	if len(version) == 0 {
		return ""
	}
	if name, ok := c.names[string(version)]; ok {
		return name
	}
	if c.names == nil || len(c.names) >= maxClients {
		c.names = make(map[string]string)
	}
	name := wire.ClientName(string(version))
	c.names[string(version)] = name
	return name
}
