package scenario

import "time"

// Measurements are what only the network knows of our node, and what our node says of itself. Those that were not
// measured are negative.
type Measurements struct {
	Lookups       int     // that have ended
	Recall        float64 // share of the peers found, of those that the honest nodes closest to the hash hold; the mean of the lookups
	MissedPeers   int     // of all lookups
	ClosestFound  float64 // of the 8 honest nodes closest to the hash, how many replied; the mean of the lookups
	Contacts      int     // in our routing tables
	FalseContacts int     // of them, where nobody is, or somebody who lies
	FalseShare    float64 // FalseContacts of Contacts

	IntervalViolations int           // samples asked for sooner than the nodes allow (BEP 51), as the nodes counted them
	Recovery           time.Duration // from the Mended step until all is well again
	Deaf               time.Duration // the longest time for which hardly any node that we asked replied
	Answered           float64       // share of a stranger's pings that our node answers
	PacketsOut         uint64
	PacketsIn          uint64
	PacketsPerSecond   float64 // sent, the highest mean of 10 s

	Risk      string  // that the last lookup of the target shows: "low", "medium", "high"; "" for none
	RiskRight float64 // share of the lookups whose risk is high if, and only if, the target is under siege

	Rank int // of the target in our ranking
	Lost int // hashes counted that the store does not have in the end
}
