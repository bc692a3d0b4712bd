package panes

import "dhtop/views/panes/list"

// statusHelp are those of the first line.
var statusHelp = list.Section{Title: "figures of the status bar", Rows: []list.Explained{
	{Name: "serving", About: "How far joining has come: joining for a few seconds, proving until others have reached this node unasked for 15 minutes, " +
		"then serving. offline: no node replies."},
	{Name: "calm", About: "The weather, in a word. quiet: hardly anything comes in. busy: a flood, lost packets, or all of the budget used. deaf: nobody " +
		"queries us, or no replies come. poisoned: half of the lookups at high risk. D explains it."},
	{Name: "rec", About: "A recording is being written (--record). rec ended: nothing is written any more; E says why."},
	{Name: "4a1f…c09e", About: "Both ends of our first ID, and the address that others see us at, by their votes (BEP 42)."},
	{Name: "v4 412+38", About: "Nodes of our routing tables by family: good, and questionable behind the plus. 100 to 250 good ones an identity are normal on Mainline " +
		"IPv4, 50 to 150 on IPv6."},
	{Name: "in, out", About: "Packets a second through the sockets in the last second, and beside them those that came in each second before. A few are normal on an " +
		"idle node, tens on one that is well known; out is about as many as in."},
	{Name: "budget", About: "Packets a second that this node started itself, of those that --rate allows: lookups, the crawl, pings. Replies do not count. " +
		"Near 0 at rest, full during a crawl; + and - change the limit."},
	{Name: "blocked", About: "Sources that send more than --inbound-per-ip allows and are ignored until they are quiet for five minutes. None is normal."},
	{Name: "lost", About: "Packets that the system dropped as the socket buffer was full. None is normal; above one in a thousand D fails."},
}}

// scrubHelp is the scrub line.
var scrubHelp = list.Section{Title: "the scrub line, above the keys", Rows: []list.Explained{
	{Name: "█", About: "When the picture on the screen was taken, between the oldest that is kept and the newest. A click on the line goes to another one."},
	{Name: "·", About: "A lookup began."},
	{Name: "!", About: "A warning came: pane E lists it."},
	{Name: "▲", About: "An alert of the watch list."},
}}

// doctorHelp are the findings of D.
var doctorHelp = list.Section{Title: "what the doctor (D) judges by", Rows: []list.Explained{
	{Name: "network", About: "The share of our queries that get a reply since the start. About 50 % is normal on Mainline; below 20 % fails."},
	{Name: "hosts", About: "Whether the bootstrap hosts are found by DNS and reply, by family. One of them is enough."},
	{Name: "table", About: "Good and questionable nodes of all identities. 30 are enough for lookups; 100 to 250 are normal after ten minutes."},
	{Name: "port", About: "Queries that others sent unasked, as nothing else shows that a port is open. None within twenty minutes fails."},
	{Name: "address", About: "The address that others see this node at, by their votes (BEP 42). All should agree."},
	{Name: "requests", About: "get_peers for torrents. 1 to 5 a minute are normal after ten minutes."},
	{Name: "loss", About: "Packets that the system dropped, of all that came. Above 0.1 % fails."},
	{Name: "budget", About: "Packets a second that we start, of the limit. Above 95 % more would be done if it could."},
	{Name: "memory", About: "Hashes held in memory, of --max-hashes. To be full is well: the coldest make room."},
	{Name: "store", About: "Bytes of the store, of --keep. To be full is well, too."},
	{Name: "disk", About: "The room where the data directory and the store are. What --keep allows should fit."},
	{Name: "clock", About: "Whether the clock is right. It is compared with those of servers that dhtop talks to: a PostgreSQL store, HTTP trackers, web hooks."},
	{Name: "terminal", About: "What the terminal can show: its size, its colours, its characters."},
	{Name: "guest", About: "That another dhtop uses the data directory, and this one ran beside it."},
}}

// bucketHelp are those of the boxes of the routing table.
var bucketHelp = list.Section{Title: "figures of the routing table", Rows: []list.Explained{
	{Name: "0 to 20", About: "A bucket: the nodes that share this many leading bits with our ID. Each has room for 8 (Kademlia's k), a cell of the bar for each."},
	{Name: "8", About: "Good nodes of the bucket. 8 is normal in the far buckets 0 to 6 or so; the near ones are nearly empty."},
	{Name: "·1", About: "Questionable and bad nodes in it. One or two of 8 are normal."},
	{Name: "+8", About: "Replacements that wait for a place. Up to 8 in the far buckets."},
	{Name: "% valid IDs", About: "Nodes whose ID BEP 42 allows at their address, of all nodes with an address on the Internet. About 80 % is normal on Mainline."},
	{Name: "size", About: "Nodes of the network, from how close to its target each lookup comes, with the 95 % interval. Millions on Mainline; +-28 % after 16 " +
		"lookups, +-13 % after 64."},
}}

// nodeHelp are those of the detail of a node.
var nodeHelp = list.Section{Title: "figures of a node", Rows: []list.Explained{
	{Name: "pings", About: "The time of each ping that p asked for, highest to lowest; × is one without a reply. One or two of forty lost are normal."},
	{Name: "BEPs", About: "What its replies have shown: yes, no, or not yet known. 5 and 42 are normal; 33, 44 and 51 are libtorrent's and a few others'."},
	{Name: "distance", About: "The XOR of its ID and ours; 2^159 is half of the keyspace away."},
}}

// newsHelp are those of the news.
var newsHelp = list.Section{Title: "figures of the news", Rows: []list.Explained{
	{Name: "2.0 to 9.0/min", About: "Requests a minute before, and now. It is news when they are more than three times as many."},
	{Name: "4 peers, +12", About: "Peers that announced a hash that nobody had asked for, and how many other such hashes there were."},
	{Name: "had 3", About: "Seeds that the lookup before found, of a hash whose last lookup found none."},
}}

// lookupHelp are those of the facts about a lookup.
var lookupHelp = list.Section{Title: "figures of a lookup", Rows: []list.Explained{
	{Name: "coverage", About: "The share of the swarm that was found, estimated from how many peers only one reply had. 96 % ends the asking; below 80 % there are more."},
	{Name: "first", About: "When the first peer was found. Below half a second is normal for a living swarm."},
	{Name: "swarm", About: "Seeds and leechers, estimated from the filters of the nodes that send them (BEP 33). A few nodes send them; without any it is unknown."},
	{Name: "tokens", About: "Of the closest nodes, how many would accept an announce. 8 of 8 is normal."},
	{Name: "closest", About: "Bits that the closest node that replied shares with the target, and how far the eighth is, as a multiple of what is expected in a network " +
		"of this size: 0.5 to 1.7 is normal, below 0.25 or above 2.5 is suspicious."},
	{Name: "risk", About: "How likely the closest nodes were put there to hide the others (eclipse). low is normal. It rises when they are too close, in fewer than 6 " +
		"networks of 8, or when fewer than half have an ID valid for their address."},
	{Name: "shared bits", About: "The chart: each dot is a node asked, higher is closer, right is later. A healthy lookup climbs three bits a round."},
}}

// crawlHelp are those of the crawl.
var crawlHelp = list.Section{Title: "figures of the crawl", Rows: []list.Explained{
	{Name: "a cell", About: "The nodes whose IDs begin with one byte, 1/256 of all: known nodes by shade, hashes of samples as bars. All cells alike is normal, as IDs are random."},
	{Name: "sweep", About: "The share of the keyspace that is done, and the time left. A sweep of a million nodes takes 36 minutes at 500 packets/s."},
	{Name: "found", About: "Hashes that nobody had shown this node before, how many a second now, and their share of all in samples. It falls as less is left to find."},
	{Name: "nodes", About: "BEP 51: give samples. mute: answer, but not that query. silent: do not answer now. dead: never did. Half silent or dead is normal on Mainline."},
	{Name: "budget", About: "Packets a second and new addresses a minute that the crawl may use, and uses. All of it is normal while it sweeps."},
	{Name: "packets", About: "What a new hash costs: about 0.2 at the start of a sweep of Mainline, more as less is new; and the share of queries answered, about half."},
	{Name: "manners", About: "Queries sent before the interval that a node states was over: always 0. And the nodes that are left alone at present."},
	{Name: "network", About: "The size of the network in two ways that know nothing of each other: by how close lookups come, and by how often two samples of nodes meet " +
		"(mark and recapture). They agree within a tenth or so."},
	{Name: "doubts", About: "Contacts that were not asked because of who named them, replies under a wrong ID, and regions where false contacts outnumbered true ones. " +
		"A few per cent are normal; regions are not."},
}}

// labHelp are those of the truth of the lab.
var labHelp = list.Section{Title: "figures of the lab", Rows: []list.Explained{
	{Name: "recall", About: "The peers that our lookups found, of those that honest nodes hold. Above 90 % without faults."},
	{Name: "missed peers", About: "The rest of them, in number."},
	{Name: "closest found", About: "Of the 8 honest nodes closest to the target, how many the lookup ended with. 8 without faults."},
	{Name: "false contacts", About: "The share of our table that is liars, the dead and nobody. 0 without faults."},
	{Name: "risk right", About: "The lookups whose risk said what was the case. All is the aim."},
	{Name: "violations", About: "Queries within the interval of BEP 51. Always 0."},
	{Name: "deaf", About: "The longest time in which hardly any reply came."},
	{Name: "answered", About: "The pings of a stranger that our node answered. All is normal."},
}}
