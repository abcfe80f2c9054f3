// The official server with the one event that the load client uses. `require("socket.io")` must find it.
//
//   node peer.js PORT
const { createServer } = require("node:http");
const { Server } = require("socket.io");

const http = createServer();
const io = new Server(http, { serveClient: false });
io.on("connection", (socket) => {
  socket.emit("auth", socket.handshake.auth);
  socket.on("shout", (...values) => io.emit("shouted", ...values));
});
http.listen({ port: Number(process.argv[2]), host: "127.0.0.1", backlog: 4096 }, () =>
  console.log(`listening on http://127.0.0.1:${http.address().port}`));
