package dhtcore

import (
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"dhtop/dhtcore/node"
	"dhtop/dhtcore/wire"
)

// targetsConn notes the targets of find_node that are sent.
type targetsConn struct {
	node.Conn
	mu      sync.Mutex
	targets []ID
}

func (c *targetsConn) WriteBatch(ps []node.Packet) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, p := range ps {
		var m wire.Message
		if wire.Scan(p.Buf, &m) == nil && m.Kind == wire.KindQuery && m.Method == wire.FindNode {
			c.targets = append(c.targets, m.Target)
		}
	}
	return c.Conn.WriteBatch(ps)
}

// parts returns in how many sixteenths of the key space there were targets, and how many queries were sent.
func (c *targetsConn) parts() (parts, queries int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	seen := map[byte]bool{}
	for _, t := range c.targets {
		seen[t[0]>>4] = true
	}
	return len(seen), len(c.targets)
}

func TestJoiningAsksAllOverTheKeySpaceAndThenNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		conn := &targetsConn{}
		startBehind(t, 400, func(*away) func(node.Conn) node.Conn {
			return func(c node.Conn) node.Conn { conn.Conn = c; return conn }
		}, func(*away) {})
		time.Sleep(20 * time.Second)
		parts, joining := conn.parts()
		if parts < 15 {
			t.Errorf("there were targets in %d of 16 parts of the key space", parts)
		}
		time.Sleep(5 * time.Minute)
		if _, queries := conn.parts(); queries != joining {
			t.Errorf("at rest there were %d queries more", queries-joining)
		}
	})
}
