package report

import (
	"net/netip"
	"strings"
	"testing"
	"time"

	"dhtop/dhtcore"
)

func TestTheDoctorPrintsALineACheckAndALineAHost(t *testing.T) {
	start := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	s := &dhtcore.Snapshot{Started: start, At: start.Add(10 * time.Second)}
	s.Checkup.Hosts = []dhtcore.HostCheck{
		{Host: "a.example:1", Found: 2, Addr: netip.MustParseAddrPort("203.0.113.7:1"), RTT: 40 * time.Millisecond},
		{Host: "b.example:1", Family: dhtcore.IPv6, DNS: true, Err: "cannot be resolved: there is no such host"}}
	d := NewDoctor([]dhtcore.Finding{
		{Name: "hosts", Text: "1 of 2 reply"}, {Name: "port", Verdict: dhtcore.VerdictFail, Text: "no query", Remedy: "forward it", Cause: dhtcore.CauseClosed}}, s, Options{MaskAddrs: true})
	for write, want := range map[string]string{
		"plain": `ok       hosts     1 of 2 reply
                     a.example:1 IPv4 203.0.113.0/24 replied in 40.0 ms
                     b.example:1 IPv6 cannot be resolved: there is no such host
fail     port      no query → forward it
`,
		"csv": "name,verdict,text,remedy,cause\nhosts,ok,1 of 2 reply,,\nport,fail,no query,forward it,port-closed\n",
		"json": `{"verdict":"fail","for_ms":10000,"checks":[{"name":"hosts","verdict":"ok","text":"1 of 2 reply","remedy":null,"cause":null},` +
			`{"name":"port","verdict":"fail","text":"no query","remedy":"forward it","cause":"port-closed"}],"hosts":[` +
			`{"host":"a.example:1","family":"IPv4","addresses":2,"addr":"203.0.113.0/24","rtt_ms":40,"error":null},` +
			`{"host":"b.example:1","family":"IPv6","addresses":0,"addr":null,"rtt_ms":null,"error":"cannot be resolved: there is no such host"}]}` + "\n",
	} {
		var b strings.Builder
		err := map[string]func() error{
			"plain": func() error { return d.WritePlain(&b) }, "csv": func() error { return d.WriteCSV(&b) },
			"json": func() error { return WriteNDJSON(&b, &d) },
		}[write]()
		if err != nil || b.String() != want {
			t.Errorf("%s: %v\n%s\nwant\n%s", write, err, &b, want)
		}
	}
	if d.OK() {
		t.Error("a check failed, and all is said to be well")
	}
}
