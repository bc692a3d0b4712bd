package metrics

import "dhtop/dhtcore"

// hashMetrics are what the node knows of info_hashes, the crawl and the store.
var hashMetrics = []metric{
	{"dhtop_hashes", "Distinct info_hashes that were seen.", "gauge", func(s *dhtcore.Snapshot, w *sampleWriter) {
		w.put(float64(s.Hashes.Seen))
	}},
	{"dhtop_sightings_total", "Sightings of info_hashes, by kind.", "counter", func(s *dhtcore.Snapshot, w *sampleWriter) {
		w.put(float64(s.Hashes.Requests), "kind", "requested")
		w.put(float64(s.Hashes.Announces), "kind", "announced")
		w.put(float64(s.Hashes.Samples), "kind", "sampled")
		w.put(float64(s.Hashes.Tracked), "kind", "tracked")
		w.put(float64(s.Hashes.Maintenance), "kind", "maintenance")
	}},
	{"dhtop_hashes_in_memory", "Info_hashes that are counted in memory.", "gauge", func(s *dhtcore.Snapshot, w *sampleWriter) {
		w.put(float64(s.Bounds.Hashes))
	}},
	{"dhtop_hashes_in_memory_max", "Info_hashes that there may be in memory; 0 for no limit.", "gauge", func(s *dhtcore.Snapshot, w *sampleWriter) {
		w.put(float64(s.Bounds.MaxHashes))
	}},
	{"dhtop_tape_bytes", "Memory in which what was seen is remembered.", "gauge", func(s *dhtcore.Snapshot, w *sampleWriter) {
		w.put(float64(s.Bounds.Tape))
	}},
	{"dhtop_recording", "Whether what is seen is recorded on disk; absent where nobody asked for it.", "gauge", func(s *dhtcore.Snapshot, w *sampleWriter) {
		if s.Recording != nil {
			w.put(truth(s.Recording.Ended == ""))
		}
	}},
	{"dhtop_recording_bytes", "Size of the file that is recorded to; absent without one.", "gauge", func(s *dhtcore.Snapshot, w *sampleWriter) {
		if s.Recording != nil {
			w.put(float64(s.Recording.Bytes))
		}
	}},
	{"dhtop_held", "What is kept for others: swarms, their peers, and items (BEP 44).", "gauge", func(s *dhtcore.Snapshot, w *sampleWriter) {
		w.put(float64(s.Swarms), "what", "swarms")
		w.put(float64(s.Peers), "what", "peers")
		w.put(float64(s.Tally.Kept.Items.Items), "what", "items")
	}},
	{"dhtop_crawl_running", "Whether the crawl runs.", "gauge", func(s *dhtcore.Snapshot, w *sampleWriter) { w.put(truth(s.Crawl.Running)) }},
	{"dhtop_crawl_sweep", "Which sweep of the keyspace the crawl is in, from 1.", "gauge", func(s *dhtcore.Snapshot, w *sampleWriter) {
		w.put(float64(s.Crawl.Sweep))
	}},
	{"dhtop_crawl_swept_ratio", "Share of the keyspace that this sweep has done.", "gauge", func(s *dhtcore.Snapshot, w *sampleWriter) {
		w.put(s.Crawl.Swept)
	}},
	{"dhtop_crawl_nodes", "Distinct nodes of this sweep: asked, and of them those that speak BEP 51.", "gauge", func(s *dhtcore.Snapshot, w *sampleWriter) {
		w.put(float64(s.Crawl.NodesAsked), "what", "asked")
		w.put(float64(s.Crawl.NodesSpeaking), "what", "speaking")
	}},
	{"dhtop_crawl_queries_total", "Queries for samples.", "counter", func(s *dhtcore.Snapshot, w *sampleWriter) {
		w.put(float64(s.Crawl.Queries))
	}},
	{"dhtop_crawl_replies_total", "Replies to queries for samples.", "counter", func(s *dhtcore.Snapshot, w *sampleWriter) {
		w.put(float64(s.Crawl.Replies))
	}},
	{"dhtop_crawl_hashes_total", "Info_hashes in samples, and of them those that were new.", "counter", func(s *dhtcore.Snapshot, w *sampleWriter) {
		w.put(float64(s.Crawl.Hashes), "what", "all")
		w.put(float64(s.Crawl.New), "what", "new")
	}},
	{"dhtop_crawl_interval_violations_total", "Queries before the interval of a node was over: a bug if not 0.", "counter",
		func(s *dhtcore.Snapshot, w *sampleWriter) { w.put(float64(s.Crawl.IntervalViolations)) }},
	{"dhtop_store_enabled", "Whether there is a durable store.", "gauge", func(s *dhtcore.Snapshot, w *sampleWriter) { w.put(truth(s.Bounds.Stored)) }},
	{"dhtop_store_bytes", "What the store takes; 0 while unknown.", "gauge", func(s *dhtcore.Snapshot, w *sampleWriter) {
		w.put(float64(s.Bounds.StoreBytes))
	}},
	{"dhtop_store_max_bytes", "What the store may take; 0 for no limit.", "gauge", func(s *dhtcore.Snapshot, w *sampleWriter) {
		w.put(float64(s.Bounds.Keep.Bytes))
	}},
	{"dhtop_store_deleted_hashes_total", "Info_hashes that the store had no room for.", "counter", func(s *dhtcore.Snapshot, w *sampleWriter) {
		w.put(float64(s.Bounds.Deleted))
	}},
}
