package api

import (
	"net"
	"sync"
	"time"
)

// The bounds of connections.
const (
	maxConnections = 4096            // at once: those of 2,000 streams, and others; each takes some 20 KB
	refusalTimeout = 5 * time.Second // for the answer to one more
)

// refusal is what one more connection is answered.
const refusal = "HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/problem+json\r\nRetry-After: 10\r\nConnection: close\r\nContent-Length: 104\r\n\r\n" +
	`{"type":"about:blank","title":"Service Unavailable","status":503,"detail":"there are too many clients"}` + "\n"

// bounded is a listener with at most so many open connections. One more is answered at once: it must not wait for
// others that may never end.
type bounded struct {
	net.Listener
	free chan struct{} // holds a token for each connection that there may be
}

func newBounded(l net.Listener, n int) *bounded {
	b := &bounded{l, make(chan struct{}, n)}
	for range n {
		b.free <- struct{}{}
	}
	return b
}

// Accept returns the next connection that there is room for.
func (b *bounded) Accept() (net.Conn, error) {
	for {
		conn, err := b.Listener.Accept()
		if err != nil {
			return nil, err
		}
		select {
		case <-b.free:
			return &boundedConn{Conn: conn, left: sync.OnceFunc(func() { b.free <- struct{}{} })}, nil
		default:
			refuse(conn)
		}
	}
}

// refuse answers a connection that there is no room for. What it has sent is not read.
func refuse(conn net.Conn) {
	conn.SetDeadline(time.Now().Add(refusalTimeout)) //nolint:errcheck // it is closed in any case
	conn.Write([]byte(refusal))                      //nolint:errcheck // the client may have gone
	conn.Close()
}

// boundedConn makes room when it is closed.
type boundedConn struct {
	net.Conn
	left func()
}

// Close implements net.Conn.
func (c *boundedConn) Close() error {
	defer c.left()
	return c.Conn.Close()
}

// SetWriteBuffer bounds what the system holds of what is sent, where it can: see boundBuffer.
func (c *boundedConn) SetWriteBuffer(bytes int) error {
	if conn, ok := c.Conn.(interface{ SetWriteBuffer(bytes int) error }); ok {
		return conn.SetWriteBuffer(bytes)
	}
	return nil
}
