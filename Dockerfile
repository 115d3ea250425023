# CPU:  docker build -t explain-service:cpu .
# GPU:  docker build -t explain-service:gpu \
#         --build-arg ORT_PACKAGE=Microsoft.ML.OnnxRuntime.Gpu \
#         --build-arg BASE_IMAGE=nvidia/cuda:13.0.1-cudnn-runtime-ubuntu24.04 .

# The CPU base is .NET's own image (Ubuntu, with ICU); any Debian or Ubuntu image will do, since .NET is copied in.
ARG BASE_IMAGE=mcr.microsoft.com/dotnet/aspnet:10.0

FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
ARG ORT_PACKAGE=Microsoft.ML.OnnxRuntime
WORKDIR /source
# The packages are a layer of their own, that a change of code keeps: what restoring reads comes first.
COPY global.json Directory.Build.props Directory.Packages.props BannedSymbols.txt .editorconfig ./
COPY src/Directory.Build.props src/
COPY src/ExplainService.Api/*.csproj src/ExplainService.Api/packages*.lock.json src/ExplainService.Api/
COPY src/ExplainService.Graph/*.csproj src/ExplainService.Graph/packages*.lock.json src/ExplainService.Graph/
COPY src/ExplainService.Images/*.csproj src/ExplainService.Images/packages*.lock.json src/ExplainService.Images/
COPY src/ExplainService.Methods/*.csproj src/ExplainService.Methods/packages*.lock.json src/ExplainService.Methods/
COPY src/ExplainService.Jobs/*.csproj src/ExplainService.Jobs/packages*.lock.json src/ExplainService.Jobs/
COPY src/ExplainService.Protocol/*.csproj src/ExplainService.Protocol/packages*.lock.json src/ExplainService.Protocol/
COPY src/ExplainService.Rendering/*.csproj src/ExplainService.Rendering/packages*.lock.json src/ExplainService.Rendering/
COPY src/ExplainService.Runtime/*.csproj src/ExplainService.Runtime/packages*.lock.json src/ExplainService.Runtime/
COPY src/ExplainService.Text/*.csproj src/ExplainService.Text/packages*.lock.json src/ExplainService.Text/
# For this platform alone: ONNX Runtime and SkiaSharp bring their native libraries for a dozen.
RUN dotnet restore src/ExplainService.Api --locked-mode --use-current-runtime -p:OnnxRuntimePackage=$ORT_PACKAGE
COPY src/ src/
RUN dotnet publish src/ExplainService.Api --no-restore -c Release -o /app --use-current-runtime --self-contained false -p:OnnxRuntimePackage=$ORT_PACKAGE

FROM mcr.microsoft.com/dotnet/aspnet:10.0 AS dotnet

FROM ${BASE_IMAGE} AS final
# ICU (its package carries its version in its name): normalisation and word segmentation. Noto: the scripts that the bundled font of the pictures lacks. libgomp, libstdc++: ONNX Runtime.
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        ca-certificates '^libicu[0-9]*$' libgomp1 libstdc++6 fontconfig fonts-noto-core fonts-noto-cjk fonts-noto-color-emoji \
    && rm -rf /var/lib/apt/lists/*
COPY --from=dotnet /usr/share/dotnet /usr/share/dotnet
RUN ln -sf /usr/share/dotnet/dotnet /usr/bin/dotnet
WORKDIR /app
COPY --from=build /app .
COPY deploy/docker/health.sh .
COPY deploy/models /models
# A number rather than a name, so that Kubernetes' runAsNonRoot can see that it is not root; 1654 is the .NET images' app user.
USER 1654
# The base image's HTTP_PORTS would have every start warn that URLS overrides it.
ENV ASPNETCORE_URLS=http://+:8080 \
    ASPNETCORE_HTTP_PORTS= \
    DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=false \
    DOTNET_NOLOGO=1 \
    Models__Directory=/models
EXPOSE 8080
# It finds the address in the variables above: change it there, and not by --urls.
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 CMD ["bash", "/app/health.sh"]
# docker stop waits ten seconds unless told otherwise; requests get thirty to finish (docker run --stop-timeout 40).
STOPSIGNAL SIGTERM
ENTRYPOINT ["dotnet", "/app/ExplainService.Api.dll"]
