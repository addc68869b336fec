"""The pre-signed flow as its publisher shows it for requests; with urllib where requests is absent."""
import json
import os
import sys

try:
    import requests
    library = "requests"
except ImportError:
    import urllib.request
    library = "urllib"


def send(method, url, headers=None, data=None):
    if library == "requests":
        response = requests.request(method, url, headers=headers, data=data, timeout=60)
        response.raise_for_status()
        return response.content
    request = urllib.request.Request(url, data=data, headers=headers or {}, method=method)
    with urllib.request.urlopen(request, timeout=60) as response:
        return response.read()


with open(sys.argv[1], "rb") as file:
    content = file.read()
base = os.environ["STOWAGE_URL"] + "/v1/files"
key = {"Authorization": "Bearer " + os.environ["STOWAGE_KEY"]}
typed = {"Content-Type": "application/json"}

created = json.loads(send("POST", base, {**key, **typed}, json.dumps({"filename": "data.json"}).encode()))
assert created["object"] == "file.upload", created
with open(sys.argv[1], "rb") as file:
    send("PUT", created["upload_url"], typed, file)
completed = json.loads(send("POST", f"{base}/{created['id']}/complete", key))
assert completed["status"] == "completed", completed
assert completed["bytes"] == len(content), completed
link = json.loads(send("GET", f"{base}/{created['id']}/content?expires_in=3600", key))
assert link["expires_in"] == 3600, link
assert send("GET", link["download_url"]) == content
print("completed", completed["bytes"], "bytes with", library)
