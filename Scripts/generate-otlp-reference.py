#!/usr/bin/env python3
"""usage: generate-otlp-reference.py [PROTOC-GEN-SWIFT]

Writes the Swift types of the OTLP messages that the decoder's tests compare against (Server/Tests/OTLPIngestTests/Generated).
The definitions come out of the Python package opentelemetry-proto, the one that Conformance/requirements.txt names, and go to
swift-protobuf's generator directly, so protoc is not needed. Without an argument the generator is built first.
"""

import subprocess
import sys
from pathlib import Path

from google.protobuf import descriptor_pb2
from google.protobuf.compiler import plugin_pb2
from opentelemetry.proto.collector.logs.v1 import logs_service_pb2
from opentelemetry.proto.collector.metrics.v1 import metrics_service_pb2
from opentelemetry.proto.collector.trace.v1 import trace_service_pb2

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / 'Server/Tests/OTLPIngestTests/Generated'


def with_dependencies(file, found: dict) -> dict:
    """The file and all it imports, each after its own imports."""
    for dependency in file.dependencies:
        with_dependencies(dependency, found)
    found.setdefault(file.name, file)
    return found


def name_in_json(message) -> None:
    """Fills in the JSON names that protoc gives to fields and the Python package leaves out."""
    for field in message.field:
        first, *rest = field.name.split('_')
        field.json_name = first + ''.join(part.capitalize() for part in rest)
    for nested in message.nested_type:
        name_in_json(nested)


def generator() -> str:
    if len(sys.argv) > 1:
        return sys.argv[1]
    build = ['swift', 'build', '--package-path', str(ROOT / 'Server'), '--product', 'protoc-gen-swift']
    subprocess.run(build, check=True)
    folder = subprocess.run([*build, '--show-bin-path'], check=True, capture_output=True, text=True).stdout.strip()
    return f'{folder}/protoc-gen-swift'


def main() -> None:
    files: dict = {}
    for module in (trace_service_pb2, logs_service_pb2, metrics_service_pb2):
        with_dependencies(module.DESCRIPTOR, files)
    request = plugin_pb2.CodeGeneratorRequest(parameter='FileNaming=DropPath,Visibility=Internal,UseAccessLevelOnImports=true')
    request.compiler_version.major = 3  # the generator warns without one
    request.compiler_version.minor = 21
    for name, file in files.items():
        description = descriptor_pb2.FileDescriptorProto()
        file.CopyToProto(description)
        for message in description.message_type:
            name_in_json(message)
        request.proto_file.append(description)
        request.file_to_generate.append(name)
    output = subprocess.run([generator()], input=request.SerializeToString(), check=True, stdout=subprocess.PIPE).stdout
    response = plugin_pb2.CodeGeneratorResponse.FromString(output)
    if response.error:
        sys.exit(response.error)
    TARGET.mkdir(parents=True, exist_ok=True)
    for file in response.file:
        (TARGET / file.name).write_text(file.content)
        print(TARGET.relative_to(ROOT) / file.name)


if __name__ == '__main__':
    main()
