package wire

import (
	"strings"
	"testing"
)

// hot are the five methods that arrive most.
func hot() (packets [][]byte) {
	for _, c := range queries {
		packets = append(packets, AppendQuery(nil, idOf(alice), b("aa"), false, &c.q))
	}
	return packets
}

var full = Answer{
	Nodes: b(strings.Repeat(node4, 8)), Nodes6: b(strings.Repeat(node6, 8)), Token: b("tokentok"),
	Values: b(strings.Repeat("axje.u", 50)), ValueLen: 6, Samples: b(strings.Repeat(alice, 20)), Num: 20, Interval: 21600,
}

func TestReadingAndWritingAPacketAllocatesNothing(t *testing.T) {
	buffer := make([]byte, 0, 4096)
	answer := AppendReply(nil, idOf(alice), b("aa"), external, &full)
	packets, tid := hot(), b("aa")
	var m Message
	for name, f := range map[string]func(){
		"Scan of queries": func() {
			for _, p := range packets {
				Scan(p, &m) //nolint:errcheck // known to be valid
			}
		},
		"Scan of a reply": func() { Scan(answer, &m) }, //nolint:errcheck // known to be valid
		"AppendQuery": func() {
			for i := range queries {
				AppendQuery(buffer, ID{}, tid, true, &queries[i].q)
			}
		},
		"AppendReply": func() { AppendReply(buffer, ID{}, tid, external, &full) },
		"AppendError": func() { AppendError(buffer, tid, external, CodeProtocol, "invalid port") },
	} {
		if n := testing.AllocsPerRun(100, f); n != 0 {
			t.Errorf("%s allocates %v times", name, n)
		}
	}
}

func BenchmarkScan(b *testing.B) {
	packets := hot()
	b.ReportAllocs()
	var m Message
	for i := 0; b.Loop(); i++ {
		Scan(packets[i%len(packets)], &m) //nolint:errcheck // known to be valid
	}
}

func BenchmarkAppendReply(b *testing.B) {
	buffer := make([]byte, 0, 4096)
	tid := []byte("aa")
	b.ReportAllocs()
	for b.Loop() {
		AppendReply(buffer, ID{}, tid, external, &full)
	}
}
