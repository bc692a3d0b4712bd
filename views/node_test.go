package views

import (
	"slices"
	"strings"
	"testing"
	"time"

	"dhtop/dhtcore"
	"dhtop/views/screen"
	"dhtop/views/theme"
)

// nodeScenes are what the routing table's pane can show besides the whole table (routing_table.txt).
var nodeScenes = []struct {
	name  string
	row   int
	state screen.State
}{
	{"opened", 5, screen.State{Zoom: true}},
	{"masked", 3, screen.State{Zoom: true, Masked: true}},
	{"bucket", 1, screen.State{Bucket: &screen.NodeBucket{Vantage: 1, Index: 9}}},
	{"bucket_empty", 0, screen.State{Bucket: &screen.NodeBucket{Vantage: 0, Index: 99}}},
	{"sorted", 40, screen.State{Orders: [screen.Lists]screen.Order{screen.NodeList: {By: screen.NodesByRTT, Reverse: true}}}},
}

func nodeScene(row int, st screen.State, th *theme.Theme) *screen.State {
	st.Theme, st.Pane, st.Hints = th, screen.TablePane, fixtureState(th).Hints
	st.Lists[screen.NodeList].Row = row
	return &st
}

func TestNodesLookAsInTheGoldensInEveryStyle(t *testing.T) {
	var scenes []scene
	for _, c := range nodeScenes {
		scenes = append(scenes, scene{c.name, fixture, func(th *theme.Theme) *screen.State { return nodeScene(c.row, c.state, th) }})
	}
	compareScenes(t, "node", scenes)
}

func TestEveryNodeFillsEverySizeExactly(t *testing.T) {
	s := fixture()
	s.Pings.Trouble = "another node\x1b[2J answers there\u202e, and it goes on for longer than there is room"
	for _, scene := range nodeScenes {
		for i := -1; i <= 210; i += 3 {
			st := nodeScene(i, scene.state, theme.New("dark"))
			check(t, scene.name, Table(s, st, i, 24), i, 24)
			check(t, scene.name, Table(s, st, 80, i), 80, i)
			check(t, scene.name, Table(s, st, 170, i), 170, i)
		}
	}
}

func TestMaskedNodesTellNoAddressAndNotOurID(t *testing.T) {
	s := fixture()
	n := (&screen.State{}).NodeRows(s)
	for row := range n {
		st := nodeScene(row, screen.State{Zoom: true, Masked: true}, theme.New("mono"))
		painted := strings.Join(Table(s, st, 200, 60), "\n")
		for _, secret := range []string{n[row].Addr.Addr().String(), s.Nodes[n[row].Vantage].ID.String()} {
			if strings.Contains(painted, secret) {
				t.Fatalf("row %d: %s is on the painted", row, secret)
			}
		}
		if n[row].Security() == dhtcore.WrongID && strings.Contains(painted, n[row].Expected().String()[:6]) {
			t.Fatalf("row %d: what its address calls for is on the painted", row)
		}
	}
}

func TestNodesSortByEveryOrderAndBack(t *testing.T) {
	s := fixture()
	s.Nodes[0].Contacts[0].RTT, s.Nodes[0].Contacts[1].FirstSeen, s.Nodes[0].Contacts[2].LastReply = 0, time.Time{}, time.Time{}
	for by, want := range map[int]func(a, b screen.NodeRow) bool{
		screen.NodesByAge: func(a, b screen.NodeRow) bool {
			return b.FirstSeen.IsZero() || !a.FirstSeen.IsZero() && !a.FirstSeen.After(b.FirstSeen)
		},
		screen.NodesBySeen:   func(a, b screen.NodeRow) bool { return !a.LastSeen().Before(b.LastSeen()) },
		screen.NodesByRTT:    func(a, b screen.NodeRow) bool { return b.RTT == 0 || a.RTT != 0 && a.RTT <= b.RTT },
		screen.NodesByClient: func(a, b screen.NodeRow) bool { return b.Client == "" || a.Client != "" && a.Client <= b.Client },
		screen.NodesByFamily: func(a, b screen.NodeRow) bool { return a.Addr.Addr().Is4() || b.Addr.Addr().Is6() },
		screen.NodesByDistance: func(a, b screen.NodeRow) bool {
			return a.Vantage < b.Vantage || a.Vantage == b.Vantage && dhtcore.CompareDistance(s.Nodes[a.Vantage].ID, a.ID, b.ID) >= 0
		},
	} {
		st := &screen.State{Pane: screen.TablePane}
		st.Orders[screen.NodeList].By = by
		rows := st.NodeRows(s)
		for i := range rows[1:] {
			if !want(rows[i], rows[i+1]) {
				t.Errorf("order %d: row %d before row %d", by, i, i+1)
			}
		}
		st.ReverseOrder(s)
		turned := st.NodeRows(s)
		if len(turned) != 216 || by != screen.NodesByFamily && turned[0].TableNode == rows[0].TableNode {
			t.Errorf("order %d: %d rows, and not turned round", by, len(turned))
		}
	}
	st := &screen.State{Pane: screen.TablePane}
	st.Orders[screen.NodeList] = screen.Order{By: screen.NodesByRTT, Reverse: true}
	if rows := st.NodeRows(s); rows[len(rows)-1].RTT != 0 || rows[0].RTT == 0 {
		t.Error("the one without a round-trip time is not the last")
	}
}

func TestSelectionStaysWhenTheListIsSortedOrCutToABucket(t *testing.T) {
	s := fixture()
	st := &screen.State{Pane: screen.TablePane}
	st.Select(s, screen.NodeList, 30)
	n := st.Node(s)
	for range screen.NodeList.Orders() {
		st.SortBy(s, 1)
		st.ReverseOrder(s)
		if st.Node(s) != n {
			t.Fatalf("order %+v: another node is selected", st.Orders[screen.NodeList])
		}
	}
	st.ChooseBucket(s)
	if st.Node(s) != n || st.Bucket == nil || len(st.NodeRows(s)) != 8 {
		t.Fatalf("in bucket %v with %d rows", st.Bucket, len(st.NodeRows(s)))
	}
	st.ChooseBucket(s)
	if st.Node(s) != n || st.Bucket != nil {
		t.Fatal("all again: another node is selected")
	}
}

func TestBucketsAreTurnedThroughInTheirOrder(t *testing.T) {
	s := fixture()
	st := &screen.State{Pane: screen.TablePane}
	var seen []screen.NodeBucket
	for range 34 {
		st.TurnBucket(s, 1)
		seen = append(seen, *st.Bucket)
		for _, n := range st.NodeRows(s) {
			if n.InBucket() != *st.Bucket {
				t.Fatalf("%v lists a node of %v", *st.Bucket, n.InBucket())
			}
		}
	}
	if seen[0] != (screen.NodeBucket{Vantage: 0, Index: 1}) || seen[33] != (screen.NodeBucket{Vantage: 0, Index: 0}) || !slices.Contains(seen, screen.NodeBucket{Vantage: 1, Index: 16}) {
		t.Errorf("turned through %v", seen)
	}
	st.TurnBucket(s, -1)
	if *st.Bucket != (screen.NodeBucket{Vantage: 1, Index: 16}) {
		t.Errorf("before the first comes %v", *st.Bucket)
	}
	(&screen.State{Pane: screen.TablePane}).TurnBucket(&dhtcore.Snapshot{}, 1) // no bucket: nothing happens
}
