// Package crawl discovers info_hashes: it sweeps the keyspace from one end to the other and asks every node
// once for samples of the hashes that it stores (BEP 51).
//
// The Explorer owns one Crawl. It hands in the contacts of the routing tables to start from, gets each answer
// through Config.OnAnswer, and saves a Checkpoint so that the next run goes on where this one stopped. IPv4 and
// IPv6 are two networks, swept side by side.
//
// # One query, from choice to outcome
//
//	     Crawl (clock, network, lock)          planner (pure: it is told the time)
//	     ────────────────────────────          ───────────────────────────────────
//	Run ── round, once a second ──────────────► schedule: is a sweep due, or done?
//	 │
//	 ├──── next ──────────────────────────────► 1 the queue: queries that others brought about
//	 │                                          2 fallback: only trusted nodes, while nothing else answers
//	 │                                          3 sweep.fillGap: what the cursor lacks
//	 │                                          4 sweep.next: the next candidate, unless its
//	 │                                            record, interval or reputation forbids it
//	 ├──── Querier.Admit: the governor
//	 ├──── admitted ──────────────────────────► sent, requeue or abort
//	 │
//	 └──── ask ── reply, error or silence ────► handle: records · heatmap · reputation · recapture
//	                                                    its contacts ─► learn ─► frontier
//
// Crawl.mu guards the planner and all below it, and is not held while a query waits for anything. Nothing below
// Crawl has a lock, a clock or a goroutine, so each type is tested alone with times made up.
//
// # The sweep
//
// A sweep asks the nodes in the order of their IDs. Each visit is two things: a query for samples, and a chance to
// learn of more nodes, since every reply names the 8 contacts closest to a target that we choose. The art is in
// the target. The keyspace is cut into leaves of about six nodes, whose depth follows from how dense the network
// is (density). One reply of 8 contacts from inside a leaf, or from the leaf beside it, names all of its nodes.
//
//	0                                keyspace                                2^160
//	├──────────────────┬──────────────────┬───────────────────────────────────┤
//	│ done             │ replies may come │ ahead                             │
//	               watermark            cursor
//
//	 leaf     ┌────┬────┬────┬────┬────┬────┬────┬────┬────┬────┐
//	 credit   │ 4  │ 4  │ 5  │ 4  │ 4  │ 4  │ 2* │ 0  │ 0  │ 4  │   4: known.  *: a query is in flight
//	          └────┴────┴────┴────┴────┴────┴────┴────┴────┴────┘
//	                                     ▲cursor  ▲gap: nobody has named a node here
//
//	 frontier  ahead: a heap by ID      ● ● ●   ●     ●  ●   ●       the candidates
//	           held back: ○ ○ ○                                      their leaves are known already
//
// Where nodes name fewer than 8 contacts, leaves are smaller by as much (density.full).
//
// The words of the drawing:
//
//   - Credits. A reply from inside a leaf or beside it makes the leaf known; one from further off is worth half as
//     much for each bit of distance. A query in flight counts for something, so that a leaf is not asked for twice.
//   - The target of a visit is in the node's own leaf or the one beside it, whichever is less known. Where both are
//     known it is a leaf without any node so far, in a subtree that the node's buckets cover well.
//   - A candidate whose leaf is known is held back for a second: if the leaf lacks something after all, there is
//     somebody left to ask.
//   - The cursor passes a leaf once it is known and its candidates are asked. For one that is not known it asks a
//     helper, the closest node that has answered, and passes on. Only at a gap does it wait: there the reply is the
//     bridge to what follows. What a gap may cost is bounded, for the leaf and for the part of the keyspace.
//   - The watermark follows the cursor when the last reply is in. Only what is below it is counted.
//
// A small network is closed at the end: the parts of the keyspace that no reply has shown to be complete are asked for
// again (closing), so that not a single node is missed.
//
// # Whom to believe
//
// Half of all contacts on Mainline are dead, and some nodes make them up. Reputation judges a contact before it
// costs a packet: by the network that named it (the referrer), and by the network that it is in (the host). A
// contact that two networks named is corroborated and passes most tests. If hardly any of the last 256 queries was
// answered, the yield has collapsed: for a minute only corroborated contacts are asked, and the crawl falls back to
// trusted nodes of the routing tables until one of them answers. If none does, our own network is away: the sweep
// waits, and what it learned of others' reputation meanwhile is forgiven.
//
// # The size of the network
//
// By mark and recapture: the visited nodes that answered are marked. Now and then a node is asked for others at a
// random place below the watermark (a draw), and these are pinged (recaptured). The share of the nodes there that
// are marked is the share of the network that the sweep has found.
//
// # Invariants
//
//   - A node is visited at most once per sweep, apart from a second chance if it answered before and is silent now.
//   - The interval that a node states is obeyed, under another ID, at another address, and through a restart.
//     Stats.IntervalViolations counts the exceptions, and is 0.
//   - Every packet is admitted by the governor (Querier.Admit), and sent only while the crawl is running.
//   - Memory is bounded: maxRecords nodes, maxCandidates of them waiting, maxInFlight queries, tailSize leaves
//     behind the cursor.
//   - Every loop ends. Made-up contacts cost a bounded number of packets per leaf, part, network and sweep.
//   - Recaptured nodes are not candidates: the sweep does not depend on what is drawn.
//
// # Sources
//
// BEP 51 (sample_infohashes); BEP 5 and BEP 32 for the rest of the protocol. The cursor over the keyspace, one visit
// per node, is that of mldht's keyspace crawler. "Frontier" is the crawlers' word for the URLs to visit (Mercator,
// 1999). The size is Lincoln and Petersen's estimate, with Newcombe's interval for a proportion (1998, method 4).
// Figures are in .github/BENCHMARKS.md, under Crawl.
package crawl
