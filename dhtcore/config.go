package dhtcore

import (
	"net/netip"

	"dhtop/dhtcore/datadir"
	"dhtop/dhtcore/node"
)

// What an Explorer keeps unless it is told otherwise, so that nobody who makes up hashes can fill the memory or the
// disk of somebody else: some 250 MB of memory, and twenty million hashes on disk.
const (
	DefaultMaxHashes = 1_000_000
	DefaultKeep      = 2_000_000_000 // bytes
)

// Config says what an Explorer is made of. The zero value is a node on Mainline that keeps nothing.
type Config struct {
	Bind                      []netip.Addr // one an address family; default 0.0.0.0 and ::
	BindDevice                string       // the network interface that all sockets keep to, the DNS too; "" for any
	Port                      uint16       // of the first identity, the next ports for the others; 0 picks any
	NoIPv6                    bool
	Bootstrap                 []string       // HOST:PORT; nil for DefaultBootstrap, empty for none
	DataDir                   string         // where the node ID, the routing table and the crawl are kept; "" keeps none of them
	Command                   string         // of dhtop that this is for, which another process on DataDir is told of
	Guest                     bool           // if another process uses DataDir or Port, run beside it with a temporary ID on any port
	Examine                   bool           // for the doctor: ask up to 200 nodes of the saved table at once, to tell a filter on the way from an old table
	Store                     string         // URL of the store: "sqlite:PATH" or "postgres://..."; "" and "none" for none
	Recall                    bool           // rank by all counts in the store: of earlier runs, imports and other crawlers
	Vantages                  int            // identities an address family, 1 to MaxVantages; 0 for 1
	Limits                    node.Limits    // of all identities together
	ReadOnly                  bool           // ask, but do not answer (BEP 43)
	PublicIP                  netip.Addr     // where others reach the identities of its family; invalid to find out
	PortMap                   bool           // have the router forward the ports of the identities and of the tracker
	Crawl                     bool           // ask for samples from the start (BEP 51)
	MaxHashes                 int            // in memory: the coldest beyond it are in the store only; 0 for no limit
	Keep                      Keep           // what the store may hold; the zero value is everything
	Names                     int            // fetch the names of so many of the hottest hashes unasked (BEP 9); 0 for none
	Mine                      netip.AddrPort // the client of the user, which the watch list looks for among the peers; invalid for any at the address of this node
	Watch                     *WatchConfig   // look up the watch list; nil only keeps it
	MMDB                      []string       // files that tell the country and the network operator of an address; nil for none
	Tracker                   *TrackerConfig // run a tracker too; nil for none
	TrackerAllow, TrackerDeny string         // files of hashes, or directories of .torrent files, that the tracker serves alone or not; "" for none
	TrackerImport             string         // a state file of the Flask tracker to take in at the start; "" for none
	Record                    Record         // where what is seen is kept on disk; the zero value for nowhere
	Demo                      *Demo          // embed a network and join that instead of Mainline
}

// InUseError is the error of Open where another process uses the data directory.
type InUseError = datadir.InUseError

// HolderOf says who has taken the lock of a data directory last, such as "serve, pid 1234"; "" if that is not known.
func HolderOf(dir string) string { return datadir.HolderOf(dir) }

// openDataDir opens the data directory. The demo keeps no identity there.
func (c *Config) openDataDir() (datadir.Dir, error) {
	return datadir.Open(datadir.Config{Path: c.DataDir, Command: c.Command, Guest: c.Guest, Shared: c.Demo != nil})
}
