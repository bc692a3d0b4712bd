package metrics

import (
	"strconv"
	"time"

	"dhtop/dhtcore"
)

// truth is a bool as a sample.
func truth(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// oneOfWords writes a sample for each of some words: 1 for the one that is the case.
func oneOfWords(w *sampleWriter, label, is string, words ...string) {
	for _, word := range words {
		w.put(truth(word == is), label, word)
	}
}

// nodeMetrics are how the node fares.
var nodeMetrics = []metric{
	{"dhtop_started_seconds", "When this run of the node started, since 1970.", "gauge", func(s *dhtcore.Snapshot, w *sampleWriter) {
		w.put(float64(s.Started.UnixMilli()) / 1e3)
	}},
	{"dhtop_phase", "How far joining the network has come: 1 for the phase that is the case.", "gauge", func(s *dhtcore.Snapshot, w *sampleWriter) {
		oneOfWords(w, "phase", s.Phase.String(), dhtcore.Joining.String(), dhtcore.Serving.String(), dhtcore.Offline.String())
	}},
	{"dhtop_weather", "How a node that has joined fares: 1 for the weather that is the case.", "gauge", func(s *dhtcore.Snapshot, w *sampleWriter) {
		is := dhtcore.WeatherOf(s).String()
		oneOfWords(w, "weather", is, dhtcore.Calm.String(), dhtcore.Quiet.String(), dhtcore.Busy.String(), dhtcore.Deaf.String(), dhtcore.Poisoned.String())
	}},
	{"dhtop_notices", "Problems that the status bar tells of.", "gauge", func(s *dhtcore.Snapshot, w *sampleWriter) {
		w.put(float64(len(s.Notices)))
	}},
	{"dhtop_doctor_verdict", "What the doctor says of each subject: 0 for ok, 1 for waiting, 2 for fail.", "gauge", func(s *dhtcore.Snapshot, w *sampleWriter) {
		for _, f := range dhtcore.Diagnose(s) {
			w.put(float64(f.Verdict), "check", f.Name)
		}
	}},
	{"dhtop_identities", "Identities of this node.", "gauge", func(s *dhtcore.Snapshot, w *sampleWriter) {
		counts := map[[2]string]int{}
		for i := range s.Nodes {
			counts[[2]string{s.Nodes[i].Family.String(), s.Nodes[i].Mode.String()}]++
		}
		for _, family := range families {
			for _, mode := range []dhtcore.Mode{dhtcore.ModeServing, dhtcore.ModeProving, dhtcore.ModeReadOnly} {
				w.put(float64(counts[[2]string{family.String(), mode.String()}]), "family", family.String(), "mode", mode.String())
			}
		}
	}},
	{"dhtop_port_mapped", "Whether the router forwards a port of ours: 1 where it does. No samples where none is to be mapped.", "gauge", func(s *dhtcore.Snapshot, w *sampleWriter) {
		for i := range s.PortMap.Mappings {
			m := &s.PortMap.Mappings[i]
			w.put(truth(m.External.IsValid()), "family", dhtcore.FamilyOf(m.Bound.Addr()).String(), "port", strconv.Itoa(int(m.Bound.Port())), "transport", m.Transport.Word())
		}
	}},
	{"dhtop_port_mapped_external", "The port that the router forwards to this node, 0 for none. The address is in /api/v1/stats.", "gauge", func(s *dhtcore.Snapshot, w *sampleWriter) {
		for i := range s.PortMap.Mappings {
			m := &s.PortMap.Mappings[i]
			w.put(float64(m.External.Port()), "family", dhtcore.FamilyOf(m.Bound.Addr()).String(), "port", strconv.Itoa(int(m.Bound.Port())), "transport", m.Transport.Word())
		}
	}},
	{"dhtop_nodes", "Nodes in the routing tables; a replacement waits for a place.", "gauge", func(s *dhtcore.Snapshot, w *sampleWriter) {
		for _, family := range families {
			var good, questionable, bad, replacements int
			for i := range s.Nodes {
				if v := &s.Nodes[i]; v.Family == family {
					good, questionable, bad, replacements = good+v.Good, questionable+v.Questionable, bad+v.Bad, replacements+v.Replacements
				}
			}
			w.put(float64(good), "family", family.String(), "state", "good")
			w.put(float64(questionable), "family", family.String(), "state", "questionable")
			w.put(float64(bad), "family", family.String(), "state", "bad")
			w.put(float64(replacements), "family", family.String(), "state", "replacement")
		}
	}},
	{"dhtop_network_size_nodes", "Nodes of the network that reply, estimated; 0 while unknown.", "gauge", func(s *dhtcore.Snapshot, w *sampleWriter) {
		w.put(s.NetworkSize.Nodes)
	}},
	{"dhtop_lookups_running", "Lookups that run.", "gauge", func(s *dhtcore.Snapshot, w *sampleWriter) {
		running := 0
		for i := range s.Lookups {
			if !s.Lookups[i].Done {
				running++
			}
		}
		w.put(float64(running))
	}},
}

// families are the address families.
var families = []dhtcore.Family{dhtcore.IPv4, dhtcore.IPv6}

// seconds is a time as a sample.
func seconds(d time.Duration) float64 { return d.Seconds() }
