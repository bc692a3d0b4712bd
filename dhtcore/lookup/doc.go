// Package lookup is the iterative lookup of Kademlia: it queries the nodes closest to a target for nodes
// that are closer still, until the k closest nodes that reply have replied. One engine serves find_node,
// get_peers and get; Announce and Put store at the nodes that a lookup has found.
//
// The Explorer runs a lookup for each search that somebody starts, and for its routing tables; the demo and
// the simulated networks run them too. A lookup works over a Querier, the live node or a simulated network.
// It learns from earlier lookups through a Shared, and State shows every step while it runs.
//
// # The algorithm
//
//	Seeds, Shared ──► shortlist of IPv4       shortlist of IPv6        sorted by distance to the target
//	                        │                        │
//	                        ▼                        ▼
//	     next query ◄── 1. closer: the best candidate of the window, the closest that count as k   selection.go
//	                    2. hidden: beyond the horizon, once the window has replied               horizon.go
//	                    3. peers:  again, from the closest nodes that had some                    peers.go
//	         │
//	         ▼                            timeout: p90 of recent RTTs, or what the node took before
//	     governor ──► query in flight ────────┬──────────────► overdue: the slot is free,
//	                        │                 │                the reply still counts
//	                      reply             error                       │
//	                        │                 └──► unreachable, lied    │
//	                        ◄───────────────────────────────────────────┘
//	         new contacts ──► shortlist, their referrer noted
//	         peers, filters ──► swarm            item ──► the newest valid one
//	         RTT, reply or failure ──► Shared and the referrers
//	                        │
//	                        ▼
//	     ended?  completed · starvation · stopped · cancelled                                ending.go
//	                        │
//	                        ▼
//	     the risk of an eclipse (risk.go), a measurement of the network's size (size.go)
//	                        │
//	                        ▼
//	     Announce, Put: to the k closest nodes that gave a token, and the k closest with a valid ID
//
// A candidate only moves forward (candidate.go):
//
//	heard ──► chosen ──► waiting ──┬──────────────┬──► replied
//	                               └──► overdue ──┼──► lied
//	                                              └──► unreachable
//
// IDs that BEP 42 does not allow for an address are free to choose, so a few nodes could place themselves next to any
// target, end its lookups and take its announces. Two shortlists of each family therefore run side by side: one of all
// nodes, one of those with a valid ID. The lookup ends when both are done. In local networks, and while only valid IDs
// are met, the second has no work of its own.
//
// Four things make it quick. It starts from nodes that lately replied fast, and from those that were named in passing or
// to the Survey with which a node joins. It limits the replies to expect,
// not the queries in flight: where half of the nodes are dead, twice as many are in flight. A timeout gives
// the slot away, not the reply. And where dead contacts crowd out live ones, it asks for the hidden ones
// instead of querying ever more nodes. Figures are in .github/BENCHMARKS.md.
//
// # Invariants
//
//   - An address gets one query forCloser in a lookup, under whatever IDs it is named (address.go), and another only
//     under the ID that it answered under. Repeated queries go to nodes that have replied.
//   - One query is at the governor at a time, because a better candidate may appear while it waits.
//   - A shortlist is sorted, holds a contact once, at most maxKnown of them and perID of one ID. At most
//     maxQueried of them are queried, maxQueriedInNetwork of one /24 or /64, so that no chain of liars keeps
//     a lookup going.
//   - At most perNetwork of the nodes that count as closest are of one network.
//   - A node counts as closest only if it replied under the ID that it was named with.
//   - What a referrer says is a claim: it makes a candidate, never a result.
//   - The steps of a State add up: asked = replied + timed out + lied + in flight.
//
// # Locks
//
// Run decides everything in its own goroutine. Other goroutines only wait: one for each query, at the
// governor and then for the reply. Lookup.mu is held for each change, so that State may be called from
// anywhere. Shared.mu is taken under it, never the other way round. Config.Believe is called under Lookup.mu,
// Config.Observe without a lock.
//
// # Sources
//
// P. Maymounkov and D. Mazières, Kademlia (2002): the shortlist, k and alpha. BEP 5: get_peers, tokens,
// announces. BEP 32: IPv6. BEP 33: the filters. BEP 42: IDs bound to addresses. BEP 44: items. R. Jiménez,
// F. Osmani and B. Knutsson, Sub-Second Lookups on a Large-Scale Kademlia-Based Overlay (2011): timeouts and
// parallelism that adapt. I. J. Good (1953): coverage. go-libp2p-kad-dht: the states of a candidate, the
// endings, the size by least squares (netsize). mldht: the unresponsive nodes, the node cache.
package lookup
